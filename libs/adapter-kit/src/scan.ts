/**
 * A look over the text of a JSON document before it is parsed, without building anything: what would take long to parse is found in a few
 * milliseconds, and numbers that JavaScript can't hold are taken out. Says nothing about whether the text is JSON. Never throws.
 */

/** Names, texts, separators and openings in one document. A page of a thousand records with sixty texts each has 181,000. */
const MAX_VALUES = 200_000;
/**
 * Ways in which objects begin: `{"a":1,"b":1}` and `{"a":1,"c":1}` together are three. The first time each costs a parser what fifty numbers cost.
 * Records of one page look alike: a thousand of which each lacks any of ten fields have a few thousand.
 */
const MAX_SHAPES = 15_000;
/** No record is nested like that. */
const MAX_DEPTH = 200;
/** Numbers that have to be looked at closely, which takes time too. A PMS has none of them. */
const MAX_VAST = 1_000;

const [QUOTE, BACKSLASH, COMMA, COLON, MINUS, ZERO, NINE] = [0x22, 0x5c, 0x2c, 0x3a, 0x2d, 0x30, 0x39];
const [OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT] = [0x5b, 0x5d, 0x7b, 0x7d];

/**
 * The same document, with null for each number that would become infinite, which is no JSON any more: whoever hands it on would hand on
 * something else. Undefined for a document that takes too long to parse.
 */
export function scanned(body: string): string | undefined {
  const shapes = new Int32Array(MAX_DEPTH + 1);
  const known = new Set<number>();
  const pieces: string[] = [];
  let [values, depth, vast, kept] = [0, 0, 0, 0];
  let name: number | undefined;
  for (let index = 0; index < body.length; index += 1) {
    const code = body.charCodeAt(index);
    if (code === QUOTE) {
      values += 1;
      const end = endOfText(body, index);
      name = hashOf(body, index, end);
      index = end;
    } else if (code === COLON && name !== undefined) {
      const shape = mixed(shapes[depth] ?? 0, name);
      shapes[depth] = shape;
      known.add(shape);
      name = undefined;
    } else if (code === COMMA) values += 1;
    else if (code === OPEN_OBJECT || code === OPEN_LIST) {
      values += 1;
      depth += 1;
      shapes[depth] = 0;
    } else if (code === CLOSE_OBJECT || code === CLOSE_LIST) depth -= depth > 0 ? 1 : 0;
    else if (code === MINUS || isDigit(code)) {
      const end = endOfNumber(body, index);
      const number = body.slice(index, end);
      if (mayBeInfinite(number)) {
        vast += 1;
        if (Math.abs(Number(number)) === Infinity) {
          pieces.push(body.slice(kept, index), 'null');
          kept = end;
        }
      }
      index = end - 1;
    }
    if (values > MAX_VALUES || depth > MAX_DEPTH || known.size > MAX_SHAPES || vast > MAX_VAST) return undefined;
  }
  return pieces.length === 0 ? body : pieces.join('') + body.slice(kept);
}

/** Where the text that begins at `start` ends: at its last quotation mark, or with the document. */
function endOfText(body: string, start: number): number {
  for (let end = body.indexOf('"', start + 1); end !== -1; end = body.indexOf('"', end + 1)) {
    let before = end - 1;
    while (body.charCodeAt(before) === BACKSLASH) before -= 1;
    // An even number of backslashes are texts themselves.
    if ((end - before) % 2 === 1) return end;
  }
  return body.length;
}

function endOfNumber(body: string, start: number): number {
  let end = start + 1;
  while (end < body.length && isOfNumber(body.charCodeAt(end))) end += 1;
  return end;
}
const isDigit = (code: number): boolean => code >= ZERO && code <= NINE;
/** A digit or one of `.eE+-`. */
const isOfNumber = (code: number): boolean =>
  isDigit(code) || code === MINUS || code === 0x2e || code === 0x65 || code === 0x45 || code === 0x2b;

/** The largest number has 309 digits: whatever is shorter than 200 characters needs an exponent of three. */
const mayBeInfinite = (number: string): boolean => number.length >= 200 || (number.length >= 5 && /e\+?\d{3}/i.test(number));

/** Of a longer name its first characters and its length are enough. */
const MAX_HASHED = 64;
function hashOf(body: string, start: number, end: number): number {
  let hash = end - start;
  const last = Math.min(end, start + MAX_HASHED);
  for (let index = start + 1; index < last; index += 1) hash = mixed(hash, body.charCodeAt(index));
  return hash;
}
const { imul } = Math;
/** FNV-1a, by words. */
const mixed = (hash: number, part: number): number => imul(hash ^ part, 0x01000193);
