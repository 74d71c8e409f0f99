// What vendors' own parsers see in files: node judge.mjs JOBS, beside a node_modules that has the packages. JOBS is a file of
// [{kind, file, dialect, answer}]; to each answer is written {tool, version, complaint} or {tool, version, tables: [{name,
// columns: [[name, nullable]], key, others, references}]}, where others are the other keys; null stands for what the tool does not tell.
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

const OWN = 'dbworkbench_made_this_key';
const required = createRequire(path.join(process.cwd(), 'judge.mjs'));

function version(name) {
  const folder = path.join(process.cwd(), 'node_modules', name);
  return JSON.parse(fs.readFileSync(path.join(folder, 'package.json'), 'utf8')).version;
}

async function dbml(text) {
  const { Parser } = await import('@dbml/core');
  const { schemas } = new Parser().parse(text, 'dbmlv2');
  const said = (schema, table) => (schema && schema !== 'public' ? `${schema}.${table}` : table);
  const tables = schemas.flatMap((schema) =>
    schema.tables.map((table) => {
      const first = table.indexes.find((index) => index.pk);
      const key = first ? first.columns.map((column) => column.value) : table.fields.filter((f) => f.pk).map((f) => f.name);
      return {
        name: said(schema.name, table.name),
        columns: table.fields.map((f) => [f.name, !(f.not_null || f.pk || key.includes(f.name))]),
        key,
        others: [
          ...table.fields.filter((f) => f.unique).map((f) => [f.name]),
          ...table.indexes.filter((index) => index.unique).map((index) => index.columns.map((column) => column.value)),
        ],
        references: [],
      };
    }),
  );
  const named = new Map(tables.map((table) => [table.name, table]));
  for (const { endpoints: ends } of schemas.flatMap((schema) => schema.refs)) {
    const [from, to] = ends[1].relation === '*' || ends[0].relation !== '*' ? [ends[1], ends[0]] : ends;
    const owner = named.get(said(from.schemaName, from.tableName));
    owner.references.push([from.fieldNames, said(to.schemaName, to.tableName), to.fieldNames]);
  }
  return tables;
}

async function mermaid(text) {
  const { JSDOM } = await import('jsdom');
  globalThis.window = new JSDOM('').window;
  globalThis.document = globalThis.window.document;
  const { default: parser } = await import('mermaid');
  await parser.parse(text);
  const { db } = await parser.mermaidAPI.getDiagramFromText(text);
  const tables = [...db.getEntities()].map(([, entity]) => ({
    id: entity.id,
    name: null,
    columns: entity.attributes.map(() => [null, null]),
    key: null,
    others: null,
    references: [],
  }));
  const places = new Map(tables.map((table) => [table.id, table]));
  for (const { entityA, entityB } of db.getRelationships()) {
    if (!places.has(entityA)) throw new Error(`no entity ${entityA}`);
    places.get(entityB).references.push(null);
  }
  return tables;
}

function prisma(text) {
  const engine = required('@prisma/prisma-schema-wasm');
  const given = (words) => JSON.stringify({ prismaSchema: [['schema.prisma', words]], noColor: true });
  engine.validate(given(text));
  // the tool's model leaves out fields of unsupported types and models without a key: once the file has been validated,
  // those are read as another type, and these with a key of their own that is not told
  const whole = text.replace(/\bUnsupported\("(?:[^"\\]|\\.)*"\)/g, 'Bytes').replace(/^model [^]*?^\}/gm, (model) =>
    model.replace(/^  @@ignore$/m, /@id\b/.test(model) ? '' : `  ${OWN} Int @id`),
  );
  const { datamodel } = JSON.parse(engine.get_dmmf(given(whole)));
  const models = new Map(datamodel.models.map((model) => [model.name, model]));
  const column = (model, name) => {
    const field = model.fields.find((one) => one.name === name);
    return field.dbName ?? field.name;
  };
  return datamodel.models.map((model) => {
    const fields = model.fields.filter((field) => field.kind !== 'object' && field.name !== OWN);
    const key = model.primaryKey ? model.primaryKey.fields : fields.filter((f) => f.isId).map((f) => f.name);
    return {
      name: (model.schema && model.schema !== 'public' ? `${model.schema}.` : '') + (model.dbName ?? model.name),
      columns: fields.map((field) => [field.dbName ?? field.name, field.isList || !field.isRequired]), // a list's column takes NULL
      key: key.map((name) => column(model, name)),
      others: [...fields.filter((f) => f.isUnique).map((f) => [f.name]), ...model.uniqueFields].map((names) =>
        names.map((name) => column(model, name)),
      ),
      references: model.fields
        .filter((field) => field.kind === 'object' && field.relationFromFields.length)
        .map((field) => {
          const other = models.get(field.type);
          return [
            field.relationFromFields.map((name) => column(model, name)),
            other.dbName ?? other.name,
            field.relationToFields.map((name) => column(other, name)),
          ];
        }),
    };
  });
}

// what `drizzle-kit generate` does: the file is made JavaScript and loaded, its tables are told, and the SQL for them is made
async function drizzle(text, { file, dialect }) {
  const kit = required('drizzle-kit/api');
  const { transformSync } = createRequire(required.resolve('drizzle-kit/api'))('esbuild');
  const compiled = file.replace(/ts$/, 'cjs');
  fs.writeFileSync(compiled, transformSync(text, { loader: 'ts', format: 'cjs' }).code);
  const [told, migrated] = {
    postgresql: [kit.generateDrizzleJson, kit.generateMigration],
    mysql: [kit.generateMySQLDrizzleJson, kit.generateMySQLMigration],
    sqlite: [kit.generateSQLiteDrizzleJson, kit.generateSQLiteMigration],
  }[dialect];
  const snapshot = await complaining(() => told(required(path.resolve(compiled))));
  await complaining(async () => migrated(await told({}), snapshot));
  const columnsOf = Object.values;
  return Object.values(snapshot.tables).map((table) => {
    const composite = Object.values(table.compositePrimaryKeys)[0];
    const single = columnsOf(table.columns).filter((one) => one.primaryKey);
    const key = composite ? composite.columns : single.map((one) => one.name);
    return {
      name: table.schema ? `${table.schema}.${table.name}` : table.name,
      columns: columnsOf(table.columns).map((one) => [one.name, !(one.notNull || one.primaryKey || key.includes(one.name))]),
      key,
      others: [
        ...columnsOf(table.uniqueConstraints).map((one) => one.columns),
        ...columnsOf(table.indexes)
          .filter((one) => one.isUnique && !one.where)
          .map((one) => one.columns.map((column) => column.expression ?? column)),
      ],
      references: columnsOf(table.foreignKeys).map((one) => [one.columnsFrom, one.tableTo, one.columnsTo]),
    };
  });
}

// drizzle-kit prints what it finds wrong, and ends the process
async function complaining(work) {
  const { exit } = process;
  const { log } = console;
  const said = [];
  console.log = (...words) => said.push(words.join(' '));
  process.exit = () => {
    throw new Error(said.join('\n').replace(/\u001b\[[0-9;]*m/g, '') || 'refused');
  };
  try {
    return await work();
  } finally {
    [console.log, process.exit] = [log, exit];
  }
}

const judges = {
  dbml: [dbml, '@dbml/core'],
  mermaid: [mermaid, 'mermaid'],
  prisma: [prisma, '@prisma/prisma-schema-wasm'],
  drizzle: [drizzle, 'drizzle-kit'],
};
for (const job of JSON.parse(fs.readFileSync(process.argv[2], 'utf8'))) {
  const [judge, tool] = judges[job.kind];
  const found = { tool, version: version(tool) };
  try {
    found.tables = await judge(fs.readFileSync(job.file, 'utf8'), job);
  } catch (error) {
    found.complaint = String(error.diags ? error.diags.map((one) => one.message).join('; ') : (error.message ?? error)) || 'refused';
  }
  fs.writeFileSync(job.answer, JSON.stringify(found));
}
process.exit(0);
