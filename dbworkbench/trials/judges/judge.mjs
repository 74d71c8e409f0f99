// What a vendor's own parser sees in a file: node judge.mjs KIND FILE DIALECT, beside a node_modules that has the packages.
// Prints {tool, version, complaint} or {tool, version, tables: [{name, columns: [[name, nullable]], key, references}]};
// null stands for what the tool does not tell.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

const [kind, file, dialect] = process.argv.slice(2);
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
      columns: fields.map((field) => [field.dbName ?? field.name, !field.isRequired]),
      key: key.map((name) => column(model, name)),
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

function drizzle() {
  const options = ['generate', '--dialect', dialect, '--schema', `./${file}`, '--out', './out', '--name', 'first'];
  const program = path.join(process.cwd(), 'node_modules', 'drizzle-kit', 'bin.cjs');
  const done = spawnSync(process.execPath, [program, ...options], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  const kept = './out/meta/0000_snapshot.json';
  if (done.status !== 0 || !fs.existsSync(kept)) throw new Error(`${done.stderr}\n${done.stdout}`.trim());
  const snapshot = JSON.parse(fs.readFileSync(kept, 'utf8'));
  const columnsOf = Object.values;
  return Object.values(snapshot.tables).map((table) => {
    const composite = Object.values(table.compositePrimaryKeys)[0];
    const single = columnsOf(table.columns).filter((one) => one.primaryKey);
    const key = composite ? composite.columns : single.map((one) => one.name);
    return {
      name: table.schema ? `${table.schema}.${table.name}` : table.name,
      columns: columnsOf(table.columns).map((one) => [one.name, !(one.notNull || one.primaryKey || key.includes(one.name))]),
      key,
      references: columnsOf(table.foreignKeys).map((one) => [one.columnsFrom, one.tableTo, one.columnsTo]),
    };
  });
}

const judges = {
  dbml: [dbml, '@dbml/core'],
  mermaid: [mermaid, 'mermaid'],
  prisma: [prisma, '@prisma/prisma-schema-wasm'],
  drizzle: [drizzle, 'drizzle-kit'],
};
const [judge, tool] = judges[kind];
const found = { tool, version: version(tool) };
try {
  found.tables = await judge(fs.readFileSync(file, 'utf8'));
} catch (error) {
  found.complaint = String(error.diags ? error.diags.map((one) => one.message).join('; ') : (error.message ?? error)) || 'refused';
}
fs.writeFileSync('found.json', JSON.stringify(found));
