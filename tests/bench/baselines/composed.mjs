// Fastify with undici: three fetches, merged into one answer. Arguments: folder of the modules, port, upstream.
import { createRequire } from "node:module";

const [modules, port, upstream] = process.argv.slice(2);
const require = createRequire(modules + "/");
const { request } = require("undici");
const app = require("fastify")({ logger: false });

const read = async (path) => (await request(`http://${upstream}${path}`)).body.json();

app.get("/v1/overview", async () => {
  const [members, measures, grants] = await Promise.all([
    read("/v1/ladder"), read("/v1/measures"), read("/v1/rounds"),
  ]);
  return { members, measures, grants };
});

await app.listen({ host: "127.0.0.1", port: Number(port) });
