// A rule as SQL. NOT moves down to the comparisons, so that EXISTS under AND stays a join and never a subplan a row,
// and each negated comparison says IS NOT TRUE, which keeps records without a value: SQL's NULL would drop them.
import type { Field } from './field.ts'
import { ISO_DATE_PATTERN, NUMBER_PATTERN, type Operand } from './operand.ts'
import type { Comparison, Rule, Test } from './rule.ts'
import { joinSql, parameter, type SqlFragment, sql, trusted } from './sql.ts'

/** Where a field's value is found. Joins are keyed by their alias, and added once each. */
export interface SqlField {
  /** The value as an expression; its SQL type is the field's (metadata: text). */
  readonly value: SqlFragment
  /** Many values: `from … where …` that yields one row a value, tied to the record. */
  readonly rows?: SqlFragment
  readonly joins?: ReadonlyMap<string, SqlFragment>
  /** A test of equality with a text that an index can answer; undefined where that text cannot be asked so. */
  readonly equals?: (text: string) => SqlFragment | undefined
}

export interface CompiledRule {
  readonly condition: SqlFragment
  readonly joins: ReadonlyMap<string, SqlFragment>
}

/** EXISTS as joins, for rules on whole tables: each is answered once for all records, under an alias of its own. */
export interface ExistsJoins {
  /** The alias whose id is null where the record has nothing of the kind. */
  aliasOf(exists: SqlFragment): string
  readonly joins: ReadonlyMap<string, SqlFragment>
}

/** For the records of a table, which is `r` in every expression. One join for each EXISTS, however often it is asked for. */
export function makeExistsJoins(table: string): ExistsJoins {
  const aliases = new Map<string, string>()
  const joins = new Map<string, SqlFragment>()
  return {
    joins,
    aliasOf(exists) {
      const key = JSON.stringify(exists)
      const known = aliases.get(key)
      if (known !== undefined) return known
      const alias = `any_${aliases.size}`
      aliases.set(key, alias)
      const having = sql`select r.id from ${trusted(table)} r where ${exists}`
      joins.set(alias, sql`left join (${having}) ${trusted(`${alias} on ${alias}.id = r.id`)}`)
      return alias
    },
  }
}

export interface CompileOptions {
  /**
   * PostgreSQL makes a join of an EXISTS that simply has to hold. Beside OR it looks through the other table again for
   * every record: with this, such a one becomes a join of ours, which the caller adds.
   */
  readonly existsJoins?: ExistsJoins
}

/**
 * `{ rating: { gte: 4 } }` → `r.rating >= $1::float8`
 * `{ NOT: { 'metadata.sitemap': 'exclude' } }` → `(r.metadata @> $1::jsonb) is not true`
 */
export function compileSql(
  rule: Rule,
  locate: (field: Field) => SqlField,
  { existsJoins }: CompileOptions = {},
): CompiledRule {
  const joins = new Map<string, SqlFragment>()
  const locateAndJoin = (field: Field): SqlField => {
    const found = locate(field)
    for (const [alias, join] of found.joins ?? []) joins.set(alias, join)
    return found
  }
  const place = { negated: false, alone: true }
  return { condition: compile(rule, place, { locate: locateAndJoin, existsJoins }), joins }
}

interface Compiler {
  locate(field: Field): SqlField
  readonly existsJoins: ExistsJoins | undefined
}

interface Place {
  readonly negated: boolean
  /** Whether the condition simply has to hold: nothing beside it can do in its place. */
  readonly alone: boolean
}

function compile(rule: Rule, place: Place, compiler: Compiler): SqlFragment {
  const { negated, alone } = place
  switch (rule.kind) {
    case 'not':
      return compile(rule.rule, { negated: !negated, alone }, compiler)
    case 'and':
    case 'or': {
      const word = (rule.kind === 'and') !== negated ? 'and' : 'or'
      if (rule.rules.length === 0) return trusted(word === 'and' ? 'true' : 'false')
      const inner = { negated, alone: alone && (word === 'and' || rule.rules.length === 1) }
      const parts = rule.rules.map(item => compile(item, inner, compiler))
      return parts.length === 1 ? (parts[0] as SqlFragment) : sql`(${joinSql(parts, ` ${word} `)})`
    }
    case 'compare':
      return compileComparison(rule, place, compiler)
  }
}

function compileComparison(rule: Comparison, { negated, alone }: Place, compiler: Compiler): SqlFragment {
  const field = compiler.locate(rule.field)
  const tests = rule.tests.map(test => compileTest(test, rule.field, field))
  const present = presence(rule.field, field)
  if (field.rows === undefined) {
    const conditions = [...tests]
    if (rule.exists !== undefined) conditions.push(rule.exists ? present : sql`(${present}) is not true`)
    if (conditions.length === 0) return trusted(negated ? 'false' : 'true')
    const all = joinSql(conditions, ' and ')
    return negated ? sql`(${all}) is not true` : conditions.length === 1 ? all : sql`(${all})`
  }
  const { rows } = field
  // NOT (a AND b) is an OR.
  const isJoined = !alone || (negated && tests.length > 0 && rule.exists !== undefined)
  const some = (condition: SqlFragment, holds: boolean): SqlFragment => {
    const exists = sql`exists (select 1 ${rows} and ${condition})`
    if (isJoined && compiler.existsJoins) {
      return trusted(`${compiler.existsJoins.aliasOf(exists)}.id is ${holds ? 'not ' : ''}null`)
    }
    return holds ? exists : sql`not ${exists}`
  }
  const conditions: SqlFragment[] = []
  if (tests.length > 0) conditions.push(some(joinSql(tests, ' and '), !negated))
  if (rule.exists !== undefined) conditions.push(some(present, rule.exists !== negated))
  if (conditions.length === 0) return trusted(negated ? 'false' : 'true')
  if (conditions.length === 1) return conditions[0] as SqlFragment
  return sql`(${joinSql(conditions, negated ? ' or ' : ' and ')})`
}

function presence(field: Field, { value }: SqlField): SqlFragment {
  return field.emptyIsMissing ? sql`${value} <> ''` : sql`${value} is not null`
}

const SIGN = { eq: '=', gt: '>', gte: '>=', lt: '<', lte: '<=' } as const

function compileTest(test: Test, field: Field, place: SqlField): SqlFragment {
  if (test.operator === 'oneOf') return compileOneOf(test.operands, field, place)
  const operand = test.operands[0] as Operand
  if (operand.type === 'text') return compileText(test.operator, operand.value, place)
  if (test.operator === 'startsWith' || test.operator === 'contains')
    throw new Error('a text operator has a text operand')
  if (operand.type === 'boolean') return compileTruth(operand.value, place)
  const value = readAs(operand.type, field, place.value)
  return sql`${value} ${trusted(SIGN[test.operator])} ${operandSql(operand)}`
}

/** Without a parameter, so that the planner can use what it knows of the column. Null stays null under either. */
function compileTruth(truth: boolean, { value }: SqlField): SqlFragment {
  return truth ? value : sql`${value} = false`
}

function compileText(operator: Exclude<Test['operator'], 'oneOf'>, text: string, place: SqlField): SqlFragment {
  const operand = parameter(text, 'text')
  switch (operator) {
    case 'eq':
      return place.equals?.(text) ?? sql`${place.value} = ${operand}`
    case 'startsWith':
      return sql`starts_with(${place.value}, ${operand})`
    case 'contains':
      return sql`strpos(${place.value}, ${operand}) > 0`
    default:
      // By code point, whatever the database's collation.
      return sql`(${place.value}) collate "C" ${trusted(SIGN[operator])} ${operand}`
  }
}

function compileOneOf(operands: readonly Operand[], field: Field, place: SqlField): SqlFragment {
  const texts = operands.filter(operand => operand.type === 'text').map(operand => operand.value)
  const numbers = operands.filter(operand => operand.type === 'number').map(operand => operand.value)
  const others = operands.filter(operand => operand.type !== 'text' && operand.type !== 'number')
  const choices = others.map(operand => compileTest({ operator: 'eq', operands: [operand] }, field, place))
  if (texts.length > 0) choices.push(sql`${place.value} = any (${parameter(texts, 'text[]')})`)
  if (numbers.length > 0) {
    choices.push(sql`${readAs('number', field, place.value)} = any (${parameter(numbers, 'float8[]')})`)
  }
  if (choices.length === 0) return trusted('false')
  return choices.length === 1 ? (choices[0] as SqlFragment) : sql`(${joinSql(choices, ' or ')})`
}

/** Metadata is text: with a number or a date as operand it is parsed, and what cannot be parsed is no value. */
function readAs(type: Operand['type'], field: Field, value: SqlFragment): SqlFragment {
  if (field.type !== 'metadata') return value
  if (type === 'number') return safeNumber(value)
  return sql`case when ${value} ~ ${parameter(ISO_DATE_PATTERN, 'text')} then (${value})::timestamptz end`
}

/** Text as a number, or null: never an error, whatever the text. */
export function safeNumber(value: SqlFragment): SqlFragment {
  return sql`case when ${value} ~ ${parameter(NUMBER_PATTERN, 'text')} then (${value})::float8 end`
}

function operandSql(operand: Exclude<Operand, { type: 'boolean' }>): SqlFragment {
  switch (operand.type) {
    case 'text':
      return sql`${parameter(operand.value, 'text')}`
    case 'number':
      return sql`${parameter(operand.value, 'float8')}`
    case 'instant':
      return sql`${parameter(operand.value, 'timestamptz')}`
    case 'now':
      // now() is the transaction's instant: one for the whole run.
      return operand.offsetSeconds === 0
        ? trusted('now()')
        : sql`now() + ${parameter(`${operand.offsetSeconds} seconds`, 'interval')}`
  }
}
