import { customAlphabet } from 'nanoid';

/** A new id of ours: 25 lower-case letters and digits, opaque, 129 random bits, and a token that subjects may hold. */
export const newId = customAlphabet('0123456789abcdefghijklmnopqrstuvwxyz', 25);
