package dev.slipway.agent.terminal;

/**
 * Follows a terminal's output and knows where it may be cut: neither within a character of several bytes (RFC 3629) nor
 * within an escape sequence (ECMA-48, sections 5.3 to 5.6).
 */
final class EscapeScanner {
    private static final int ESC = 0x1b;
    private static final int BEL = 0x07;
    private static final int CAN = 0x18;
    private static final int SUB = 0x1a;

    private enum State {
        GROUND,
        CHARACTER,
        ESCAPE,
        CONTROL_SEQUENCE,
        /** OSC, DCS, SOS, PM, APC: up to ST, which xterm's BEL stands for too. */
        STRING,
        STRING_ESCAPE
    }

    private State state = State.GROUND;
    private int bytesLeft;

    /** Takes the next byte; whether a cut right behind it is harmless. */
    boolean accept(byte next) {
        int value = next & 0xff;
        state = switch (state) {
            case GROUND -> ground(value);
            case CHARACTER -> character(value);
            case ESCAPE -> escape(value);
            case CONTROL_SEQUENCE -> controlSequence(value);
            case STRING -> string(value);
            case STRING_ESCAPE -> value == '\\' ? State.GROUND : escape(value);
        };
        return state == State.GROUND;
    }

    /** Begins anew, as if nothing were open. */
    void reset() {
        state = State.GROUND;
    }

    private State ground(int value) {
        if (value == ESC) {
            return State.ESCAPE;
        }
        bytesLeft = value >= 0xf0 && value < 0xf8 ? 3 : value >= 0xe0 ? 2 : value >= 0xc2 ? 1 : 0;
        return bytesLeft == 0 || value >= 0xf8 ? State.GROUND : State.CHARACTER;
    }

    private State character(int value) {
        if ((value & 0xc0) != 0x80) {
            return ground(value); // malformed: what follows begins anew
        }
        bytesLeft--;
        return bytesLeft == 0 ? State.GROUND : State.CHARACTER;
    }

    private static State escape(int value) {
        return switch (value) {
            case ESC -> State.ESCAPE;
            case '[' -> State.CONTROL_SEQUENCE;
            case ']', 'P', 'X', '^', '_' -> State.STRING;
            // Intermediate bytes: a final one follows.
            default -> value >= 0x20 && value < 0x30 ? State.ESCAPE : State.GROUND;
        };
    }

    private static State controlSequence(int value) {
        if (value == ESC) {
            return State.ESCAPE;
        }
        boolean ends = (value >= 0x40 && value < 0x7f) || value == CAN || value == SUB;
        return ends ? State.GROUND : State.CONTROL_SEQUENCE;
    }

    private static State string(int value) {
        return switch (value) {
            case ESC -> State.STRING_ESCAPE;
            case BEL, CAN, SUB -> State.GROUND;
            default -> State.STRING;
        };
    }
}
