@org.jspecify.annotations.NullMarked
package dev.slipway.session.task;
