/** Login by providers: a certified one that really runs, and stand-ins that answer as GitHub and Google do, or lie. */
@NullMarked
package dev.slipway.gateway.login;

import org.jspecify.annotations.NullMarked;
