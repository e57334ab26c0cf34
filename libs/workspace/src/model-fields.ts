import { dirname, join } from 'node:path/posix';
import ts from 'typescript';

/** The class that every model ends in: its fields are nobody's to declare. */
const ROOT = 'PmsRecord';

/**
 * The fields of the model in a file, in their order: those that a declaration must speak of. What the model inherits comes first, as far as the
 * class that all models have in common. `read` gives a file's text by its path. Throws when the file holds no model.
 */
export function modelFields(read: (path: string) => string, path: string): readonly string[] {
  const file = ts.createSourceFile(path, read(path), ts.ScriptTarget.Latest, false);
  const model = file.statements.filter(ts.isClassDeclaration).find((it) => it.heritageClauses?.length);
  const base = model?.heritageClauses?.[0]?.types[0]?.expression;
  if (!model || !base || !ts.isIdentifier(base)) throw new Error(`There is no model in ${path}.`);
  const own = model.members
    .filter(ts.isPropertyDeclaration)
    .map(({ name }) => name)
    .filter(ts.isIdentifier)
    .map(({ text }) => text);
  return base.text === ROOT ? own : [...modelFields(read, join(dirname(path), originOf(base.text, file))), ...own];
}

/** The relative path from which a file imports a name. */
function originOf(name: string, file: ts.SourceFile): string {
  for (const statement of file.statements.filter(ts.isImportDeclaration)) {
    const bindings = statement.importClause?.namedBindings;
    if (bindings && ts.isNamedImports(bindings) && bindings.elements.some((element) => element.name.text === name)) {
      return (statement.moduleSpecifier as ts.StringLiteral).text;
    }
  }
  throw new Error(`${file.fileName} imports no ${name}.`);
}
