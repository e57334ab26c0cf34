/** The token of an `Authorization: Bearer` header; undefined when there is none or it has another form. The scheme's case is free. */
export function bearerOf(authorization: string | undefined): string | undefined {
  return /^bearer +([A-Za-z0-9._~+/=-]{1,200})$/i.exec(authorization ?? '')?.[1];
}
