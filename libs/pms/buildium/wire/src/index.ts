/** The door for those who speak Buildium's wire format but not Latchkey's declarations (the sandbox): `#pms/buildium/wire`. */
export * from '../../src/wire/index.ts';
