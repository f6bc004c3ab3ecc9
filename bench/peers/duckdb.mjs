// SPDX-License-Identifier: Apache-2.0
// Runs SQL in an in-memory DuckDB: node duckdb.mjs PHASES.json THREADS
//
// PHASES.json is an object of SQL texts by the name of their phase, in order.
// Prints the seconds each phase took as one line of JSON.
import {readFileSync} from 'node:fs';
import {DuckDBInstance} from '@duckdb/node-api';

const [path, threads] = process.argv.slice(2);
const instance = await DuckDBInstance.create(':memory:', {threads});
const connection = await instance.connect();
const seconds = {};
for (const [phase, text] of Object.entries(JSON.parse(readFileSync(path, 'utf8')))) {
	const before = process.hrtime.bigint();
	const statements = await connection.extractStatements(text);
	for (let i = 0; i < statements.count; i++)
		await (await statements.prepare(i)).run();
	seconds[phase] = Number(process.hrtime.bigint() - before) / 1e9;
}
console.log(JSON.stringify(seconds));
