/**
 * The services as the launcher runs them.
 *
 * <p>{@link dev.slipway.devstack.service.SuiteService} lists them, {@link dev.slipway.devstack.service.ServiceSettings} says
 * what each is told. {@link dev.slipway.devstack.service.InProcessService} runs one in this process, in a class loader and
 * an application context of its own; {@link dev.slipway.devstack.service.ChildService} runs one in a JVM of its own, told
 * the same by the environment, as in production, and starts it again when it dies.
 */
@NullMarked
package dev.slipway.devstack.service;

import org.jspecify.annotations.NullMarked;
