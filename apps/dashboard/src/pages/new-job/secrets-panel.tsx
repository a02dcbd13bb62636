import type { Job } from "@espalier/client";
import { Link } from "@tanstack/react-router";
import { buttonLink } from "../../ui/button.js";
import { Panel } from "../../ui/panel.js";
import { SecretOnce } from "../../ui/secret-once.js";

interface SecretsPanelProps {
  readonly job: Job;
  readonly secrets: readonly { readonly url: string; readonly secret: string }[];
}

/** Secrets that the service made for the job's webhooks. */
export const SecretsPanel = ({ job, secrets }: SecretsPanelProps) => (
  <Panel title="Submitted">
    {secrets.map(({ url, secret }) => (
      <SecretOnce key={url} title={`Secret of ${url}`} secret={secret} what={`secret of ${url}`}>
        The receiver checks signatures with it.
      </SecretOnce>
    ))}
    <p>
      <Link to="/jobs/$id" params={{ id: job.id }} className={buttonLink("primary")}>
        To the job
      </Link>
    </p>
  </Panel>
);
