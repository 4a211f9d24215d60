/**
 * What the tests of this service stand on: a real engine, an image whose agent does as told, and a stand-in for mitm-proxy.
 */
@NullMarked
package dev.slipway.container.testing;

import org.jspecify.annotations.NullMarked;
