/** What agents ask before they act, and what members answer: kept here, so that it survives restarts of either side. */
@NullMarked
package dev.slipway.session.permission;

import org.jspecify.annotations.NullMarked;
