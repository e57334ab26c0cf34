/**
 * The class-validator rules of a class, ready to run on one value. `validateSync` itself looks at every declared field on each
 * call, sent or not, which costs 40 to 100 µs on models as wide as ours; a payload has few fields, so we run only theirs.
 * Fails at the first use of a class that carries a rule which this file can't run (conditional, asynchronous, in groups).
 */
import { getMetadataStorage, type ValidationArguments, type ValidatorConstraintInterface } from 'class-validator';
import type { IssueCode } from '#problem';

/** One check of one field. */
export interface Rule {
  readonly code: IssueCode;
  /** What is wrong, in words, once the rule is broken. */
  readonly detail: string;
  /** True when it is the entries of a list that it checks. */
  readonly each: boolean;
  readonly holds: (value: unknown) => boolean;
}

/** The rules of a class by field, in the order in which they are to be tried. Presence and parts are checkShape's own affair. */
export function rulesOf(type: new () => object): ReadonlyMap<string, readonly Rule[]> {
  const known = RULES.get(type);
  if (known) return known;
  const rules = collectRules(type);
  RULES.set(type, rules);
  return rules;
}

const RULES = new WeakMap<new () => object, ReadonlyMap<string, readonly Rule[]>>();

// IsOptional, IsDefined and ValidateNested stand on the classes for those who validate instances with class-validator alone.
const NOT_RUN_HERE: ReadonlySet<string> = new Set(['conditionalValidation', 'isDefined', 'nestedValidation']);

type Metadata = ReturnType<ReturnType<typeof getMetadataStorage>['getTargetValidationMetadatas']>[number];

function collectRules(type: new () => object): ReadonlyMap<string, readonly Rule[]> {
  const rules = new Map<string, Rule[]>();
  for (const metadata of getMetadataStorage().getTargetValidationMetadatas(type, '', false, false)) {
    if (NOT_RUN_HERE.has(metadata.type)) continue;
    const name = metadata.propertyName;
    rules.set(name, [...(rules.get(name) ?? []), ruleOf(type, metadata)]);
  }
  return rules;
}

function ruleOf(type: new () => object, metadata: Metadata): Rule {
  const [constraint, ...others] = getMetadataStorage().getTargetValidatorConstraints(metadata.constraintCls);
  const where = `${type.name}.${metadata.propertyName}`;
  if (!constraint || others.length > 0 || constraint.async || metadata.groups?.length || metadata.validateIf) {
    throw new Error(`${where} has a rule that checkShape can't run: ${metadata.name ?? metadata.type}`);
  }
  const context: { code?: IssueCode } | undefined = metadata.context;
  const message = typeof metadata.message === 'string' ? metadata.message : '$property is not valid.';
  return {
    code: context?.code ?? 'invalid_value',
    detail: message.replaceAll('$property', metadata.propertyName),
    each: metadata.each,
    holds: test(constraint.instance, metadata),
  };
}

function test(constraint: ValidatorConstraintInterface, metadata: Metadata): (value: unknown) => boolean {
  const { propertyName: property, constraints = [] } = metadata;
  return (value) => {
    const about: ValidationArguments = { value, property, constraints, object: {}, targetName: '' };
    return constraint.validate(value, about) === true;
  };
}
