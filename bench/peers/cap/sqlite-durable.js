const SqliteService = require("@cap-js/sqlite");

/** CAP's service for SQLite, as durable as the others: in WAL mode the driver would otherwise not sync each commit. */
module.exports = class extends SqliteService {
  get factory() {
    const factory = super.factory;
    return {
      ...factory,
      create: async (tenant) => {
        const connection = await factory.create(tenant);
        connection.pragma("synchronous = full");
        return connection;
      },
    };
  }
};
