"""Writes sealed-v1.hex: the first layout of a sealed secret, made by an implementation of AES-GCM that is not Java's."""
import hashlib
import hmac
import pathlib
import struct

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

master = bytes.fromhex("00112233445566778899aabbccddeeff0123456789abcdeffedcba9876543210")
data_key, nonce, wrap_nonce = bytes(range(0, 32)), bytes(range(32, 44)), bytes(range(44, 56))
secret = b"sk-a-secret"


def part(text):
    return struct.pack(">I", len(text)) + text


binding = part(b"slipway-credential") + part(b"project") + part(b"credential") + struct.pack(">q", 7) + part(b"value")
key_id = hmac.new(master, b"slipway master key id", hashlib.sha256).digest()[:8]
wrapped = AESGCM(master).encrypt(wrap_nonce, data_key, binding + key_id)
sealed = b"\x01" + key_id + wrap_nonce + wrapped + nonce + AESGCM(data_key).encrypt(nonce, secret, binding)
pathlib.Path(__file__).with_name("sealed-v1.hex").write_text(sealed.hex() + "\n")
