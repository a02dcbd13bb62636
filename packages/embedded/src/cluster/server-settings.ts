/**
 * Command-line settings of the server. Loopback only and no Unix socket: its path must stay below 100 characters, which
 * a data folder's need not.
 */
export function serverSettings(durable: boolean): readonly string[] {
  const values = {
    listen_addresses: "127.0.0.1",
    unix_socket_directories: "",
    max_connections: durable ? "150" : "300",
    log_min_messages: "warning",
    ...(durable ? {} : { fsync: "off", synchronous_commit: "off", full_page_writes: "off", shared_buffers: "64MB" }),
  };
  return Object.entries(values).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
}
