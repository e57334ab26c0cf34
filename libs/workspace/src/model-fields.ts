import ts from 'typescript';

/**
 * The fields that a model file declares itself, in their order: those that a declaration must speak of. Throws when the file holds no model.
 */
export function modelFields(code: string): readonly string[] {
  const file = ts.createSourceFile('model.ts', code, ts.ScriptTarget.Latest, false);
  const model = file.statements.filter(ts.isClassDeclaration).find((it) => it.heritageClauses?.length);
  if (!model) throw new Error('There is no model in this file.');
  return model.members
    .filter(ts.isPropertyDeclaration)
    .map(({ name }) => name)
    .filter(ts.isIdentifier)
    .map(({ text }) => text);
}
