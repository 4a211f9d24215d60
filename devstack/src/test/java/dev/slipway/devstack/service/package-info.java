/** What the services are told. */
@NullMarked
package dev.slipway.devstack.service;

import org.jspecify.annotations.NullMarked;
