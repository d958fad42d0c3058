const { join } = require("node:path");
const cds = require("@sap/cds");
const express = require("express");

/*
 * server.js deploy|serve DIRECTORY [DATABASE-URL]: makes the tables, or serves them, as `cds deploy` and `cds-serve` do.
 */
const [, , task, directory, databaseUrl] = process.argv;

main();

async function main() {
  cds.env.requires.db = databaseUrl === undefined ? onSqlite() : onPostgres(new URL(databaseUrl));
  const model = await cds.load(join(__dirname, "service.cds"));
  if (task === "deploy") {
    await cds.deploy(model).to("db");
    process.exit(0);
  }
  cds.model = cds.compile.for.nodejs(model);
  await cds.connect.to("db");
  const app = express();
  cds.app = app;
  await cds.serve("all").from(cds.model).in(app);
  const server = app.listen(0, "127.0.0.1", () => {
    process.stdout.write(`http://127.0.0.1:${server.address().port}\n`);
  });
  process.once("SIGTERM", () => process.exit(0));
}

function onSqlite() {
  return {
    ...cds.env.requires.kinds.sqlite,
    kind: "sqlite",
    impl: join(__dirname, "sqlite-durable.js"),
    credentials: { url: join(directory, "tenantry.db") },
  };
}

function onPostgres({ hostname, port, username, password, pathname }) {
  const { pool, ...kind } = cds.env.requires.kinds.postgres;
  return {
    ...kind,
    kind: "postgres",
    credentials: {
      host: hostname,
      port: Number(port),
      user: decodeURIComponent(username),
      password: decodeURIComponent(password),
      database: pathname.slice(1),
    },
    // By default a request that waits longer than a second for a connection is refused.
    pool: { ...pool, acquireTimeoutMillis: 60_000 },
  };
}
