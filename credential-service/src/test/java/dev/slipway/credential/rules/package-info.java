/** What the proxy is told, rule by rule, and who never learns a secret. */
@NullMarked
package dev.slipway.credential.rules;

import org.jspecify.annotations.NullMarked;
