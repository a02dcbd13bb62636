// Starts (or adopts) the cluster in argv[2], prints it as JSON and stays until it is told to stop, or killed.
import { startEmbeddedPostgres } from "../../dist/index.js";

const server = await startEmbeddedPostgres({ dir: process.argv[2], durable: false });
process.stdout.write(`${JSON.stringify({ url: server.url, adopted: server.adopted })}\n`);
setInterval(() => undefined, 1000);
process.on("SIGTERM", async () => {
  await server.stop();
  process.exit(0);
});
