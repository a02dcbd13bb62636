import { useQuery } from "@tanstack/react-query";
import { useApi } from "../../../api/api-context.js";
import { calibrationQuery } from "../../../api/job-queries.js";
import { Loaded } from "../../../ui/loaded.js";
import { Message } from "../../../ui/message.js";
import stack from "../../../ui/stack.module.css";
import { useJob } from "../job-context.js";
import type { Calibration } from "./calibration-chart.js";
import { ClustersPanel } from "./clusters-panel.js";
import { MapPanel } from "./map-panel.js";
import { TextsPanel } from "./texts-panel.js";

const HEIGHT = 460;

const reasons: Record<NonNullable<Calibration["missing"]>, { readonly title: string; readonly text: string }> = {
  not_profiled: {
    title: "No map yet",
    text: "It is made at the end of the profile, which reads every calibration sample once.",
  },
  older_job: {
    title: "This job has no map",
    text: "It was profiled before maps were made. Submit a copy of it: its statistics are reused, and it has one.",
  },
};

/** What the statistics were computed on, and which of it the best trials lean on. */
export function CalibrationPage() {
  const { job } = useJob();
  const { client } = useApi();
  const query = useQuery(calibrationQuery(client, job.id));
  return (
    <Loaded query={query} height={HEIGHT}>
      {(calibration) => {
        if (calibration.missing !== null) {
          const { title, text } = reasons[calibration.missing];
          return (
            <Message title={title} tone="empty">
              {text}
            </Message>
          );
        }
        return (
          <div className={stack.column}>
            <MapPanel calibration={calibration} />
            <div className={stack.halves}>
              <ClustersPanel calibration={calibration} />
              <TextsPanel calibration={calibration} />
            </div>
          </div>
        );
      }}
    </Loaded>
  );
}
