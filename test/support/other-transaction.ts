import pg from "pg";
import { inject } from "vitest";
import { partner, type Service } from "./service.ts";

/** Connects to the database of a service on PostgreSQL, for transactions that a test holds open. */
export async function connectBeside(service: Service): Promise<pg.Client> {
  const [row] = await service.rows(`select current_database() as "name"`);
  const url = new URL(inject("postgres").url);
  url.pathname = `/${row.name}`;
  const client = new pg.Client({ connectionString: url.href });
  await client.connect();
  return client;
}

/** Changes a customer as the service does: the row and the log in one transaction. */
export async function change(client: pg.Client, id: string): Promise<void> {
  await client.query(`update "customers" set "metadata" = '{"changed":"yes"}' where "id" = $1`, [id]);
  await client.query(
    `insert into "changes" ("partnerId", "entitySet", "entityId", "changeType", "changeDateTime", "correlationId")
     values ($1, 'customers', $2, 'updated', '2026-01-01T00:00:00.000Z', 'test')`,
    [partner, id],
  );
}
