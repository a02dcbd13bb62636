import type { Status } from "@espalier/client";
import { useQuery } from "@tanstack/react-query";
import { useApi } from "../../api/api-context.js";
import { statusQuery } from "../../api/status-query.js";
import { Loaded } from "../../ui/loaded.js";
import { PageHeader } from "../../ui/page-header.js";
import stack from "../../ui/stack.module.css";
import { Behind } from "./behind.js";
import { OpenWork } from "./open-work.js";
import { VerdictPanel } from "./verdict-panel.js";
import { Workers } from "./workers.js";

const HEIGHT = 480;

/** Whether the service is all right. */
export function HealthPage() {
  const { client } = useApi();
  const query = useQuery(statusQuery(client));
  return (
    <>
      <PageHeader title="Health" hint="Looked at anew every five seconds." />
      <div className={stack.column}>
        <Loaded query={query} height={HEIGHT}>
          {(status) => <Health status={status} isOld={query.error !== null} />}
        </Loaded>
      </div>
    </>
  );
}

interface HealthProps {
  readonly status: Status;
  /** It could not be read anew: what it said of the whole may no longer be so. */
  readonly isOld: boolean;
}

function Health({ status, isOld }: HealthProps) {
  return (
    <div className={stack.column}>
      {!isOld && <VerdictPanel status={status} />}
      <Workers status={status} />
      <div className={stack.halves}>
        <OpenWork status={status} />
        {!isOld && <Behind status={status} />}
      </div>
    </div>
  );
}
