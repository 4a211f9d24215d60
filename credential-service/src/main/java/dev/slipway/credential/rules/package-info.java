/**
 * What mitm-proxy is told: which secret goes on which request. {@link Rules} computes it, {@link RulesController} answers
 * when the proxy asks, {@link RulesPush} tells it after a change.
 */
@NullMarked
package dev.slipway.credential.rules;

import org.jspecify.annotations.NullMarked;
