/** Tests of projects and their members. */
@NullMarked
package dev.slipway.gateway.project;

import org.jspecify.annotations.NullMarked;
