import { Link, Outlet } from "@tanstack/react-router";
import { useApi } from "../api/api-context.js";
import { Button, buttonLink } from "../ui/button.js";
import { Connection } from "./connection.js";
import logo from "./espalier.svg";
import { KeyGate } from "./key-gate.js";
import styles from "./shell.module.css";
import { useTheme } from "./theme.js";

const places = [
  { to: "/jobs", name: "Jobs" },
  { to: "/webhooks", name: "Webhooks" },
  { to: "/keys", name: "Keys" },
  { to: "/health", name: "Health" },
] as const;

/** What stands around every page. */
export function Shell() {
  const api = useApi();
  return (
    <>
      <a className={styles.skip} href="#content">
        To the content
      </a>
      {api.source === "service" ? <TopBar /> : <ReportBar recordedAt={api.recordedAt} />}
      <main className={styles.content} id="content" tabIndex={-1}>
        {api.source === "service" ? (
          <KeyGate>
            <Outlet />
          </KeyGate>
        ) : (
          <Outlet />
        )}
      </main>
    </>
  );
}

function ReportBar({ recordedAt }: { readonly recordedAt: Date }) {
  return (
    <header className={styles.bar}>
      <div className={styles.inner}>
        <span className={styles.brand}>
          <img src={logo} alt="" width={26} height={26} />
          Espalier report
        </span>
        <div className={styles.tools}>
          <span className={styles.recorded}>
            As of <time dateTime={recordedAt.toISOString()}>{recordedAt.toLocaleString()}</time>
          </span>
          <ThemeSwitch />
        </div>
      </div>
    </header>
  );
}

function ThemeSwitch() {
  const [theme, nextTheme] = useTheme();
  return (
    <Button look="quiet" onClick={nextTheme} aria-label={`Theme: ${theme}. Change it`}>
      {theme === "dark" ? "☾" : theme === "light" ? "☀" : "◑"}
    </Button>
  );
}

function TopBar() {
  return (
    <header className={styles.bar}>
      <div className={styles.inner}>
        <Link to="/jobs" className={styles.brand}>
          <img src={logo} alt="" width={26} height={26} />
          Espalier
        </Link>
        <nav className={styles.places} aria-label="Places">
          {places.map(({ to, name }) => (
            <Link key={to} to={to} className={styles.place} activeProps={{ className: styles.here }}>
              {name}
            </Link>
          ))}
        </nav>
        <div className={styles.tools}>
          <Connection />
          <ThemeSwitch />
          <Link to="/jobs/new" className={buttonLink("primary")}>
            New job
          </Link>
        </div>
      </div>
    </header>
  );
}
