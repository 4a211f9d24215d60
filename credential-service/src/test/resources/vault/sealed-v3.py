"""Writes sealed-v3.hex: a secret whose data key a PKCS#11 token wraps, made by an implementation of AES-GCM that is no token's."""
import pathlib
import struct

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

master = bytes.fromhex("00112233445566778899aabbccddeeff0123456789abcdeffedcba9876543210")
data_key, nonce, wrap_nonce = bytes(range(0, 32)), bytes(range(32, 44)), bytes(range(44, 56))
secret = b"sk-a-secret"


def part(text):
    return struct.pack(">I", len(text)) + text


binding = part(b"slipway-credential") + part(b"project") + part(b"credential") + struct.pack(">q", 7) + part(b"value")
label = b"known"
wrapped = bytes([len(label)]) + label + wrap_nonce + AESGCM(master).encrypt(wrap_nonce, data_key, binding + label)
sealed = b"\x03" + struct.pack(">H", len(wrapped)) + wrapped + nonce + AESGCM(data_key).encrypt(nonce, secret, binding)
pathlib.Path(__file__).with_name("sealed-v3.hex").write_text(sealed.hex() + "\n")
