/** Sign-ins and refreshes against an authorisation server with the providers' real shapes. */
@NullMarked
package dev.slipway.credential.oauth;

import org.jspecify.annotations.NullMarked;
