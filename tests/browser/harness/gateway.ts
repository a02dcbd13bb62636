import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";

/** A port that leads to the service until it is closed: for the browser the service is gone, and comes back. */
export interface Gateway {
  readonly url: string;
  close(): Promise<void>;
  open(): Promise<void>;
}

/** Opens a port on loopback that leads to the service at `target`. */
export async function startGateway(target: string): Promise<Gateway> {
  const { hostname, port } = new URL(target);
  const sockets = new Set<Socket>();
  const server = createServer((near) => {
    const far = connect(Number(port), hostname);
    for (const [socket, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(socket);
      socket.pipe(other);
      socket.on("error", () => other.destroy());
      socket.on("close", () => {
        sockets.delete(socket);
        other.destroy();
      });
    }
  });
  const open = async (at: number) => {
    await once(server.listen(at, "127.0.0.1"), "listening");
    return (server.address() as AddressInfo).port;
  };
  const own = await open(0);
  return {
    url: `http://127.0.0.1:${own}`,
    open: async () => {
      await open(own);
    },
    close: async () => {
      const closed = once(server, "close");
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}
