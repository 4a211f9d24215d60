@org.jspecify.annotations.NullMarked
package dev.slipway.session.permission;
