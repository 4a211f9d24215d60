/** The command line, run against a server written for the purpose. */
@NullMarked
package dev.slipway.cli;

import org.jspecify.annotations.NullMarked;
