import { customAlphabet } from 'nanoid';

/** A new id of ours: 25 characters of a-z and 0-9, 129 bits of chance, so that nobody can guess another's. */
export const newId = customAlphabet('0123456789abcdefghijklmnopqrstuvwxyz', 25);
