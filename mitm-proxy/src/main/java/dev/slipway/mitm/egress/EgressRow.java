package dev.slipway.mitm.egress;

import dev.slipway.contracts.mitm.EgressRecord;

/** A stored record and its place in the log. */
record EgressRow(long position, EgressRecord record) {}
