/** What is kept on disk. */
@NullMarked
package dev.slipway.devstack.home;

import org.jspecify.annotations.NullMarked;
