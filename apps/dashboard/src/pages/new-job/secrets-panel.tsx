import type { Job } from "@espalier/client";
import { Link } from "@tanstack/react-router";
import { buttonLink } from "../../ui/button.js";
import { CopyButton } from "../../ui/copy-button.js";
import { Panel } from "../../ui/panel.js";

interface SecretsPanelProps {
  readonly job: Job;
  readonly secrets: readonly { readonly url: string; readonly secret: string }[];
}

/** Secrets that the service made for the job's webhooks: it shows them this once. */
export const SecretsPanel = ({ job, secrets }: SecretsPanelProps) => (
  <Panel title="Submitted: keep these secrets" hint="Receivers check signatures with them. They are shown this once.">
    <ul>
      {secrets.map(({ url, secret }) => (
        <li key={url}>
          {url}: <code>{secret}</code> <CopyButton text={secret} what={`secret of ${url}`} />
        </li>
      ))}
    </ul>
    <Link to="/jobs/$id" params={{ id: job.id }} className={buttonLink("primary")}>
      To the job
    </Link>
  </Panel>
);
