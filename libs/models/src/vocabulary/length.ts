/** The length of texts as JSON Schema counts it, so that what is described is what is checked. */

/** Whether a text has more than so many code points. Those of most texts need not be counted: there are never more than UTF-16 units. */
export function isLongerThan(maxLength: number, text: string): boolean {
  return text.length > maxLength && [...text].length > maxLength;
}
