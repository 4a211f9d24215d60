/**
 * What mitm-proxy is told: which secret goes on which request. {@link Rules} computes it, {@link RulesController} answers
 * when the proxy asks (out of {@link AnsweredRules} while nothing has changed), {@link RulesPush} tells it after a change, and {@link TellBeforeAnswer} before that is
 * answered.
 */
@NullMarked
package dev.slipway.credential.rules;

import org.jspecify.annotations.NullMarked;
