{{- define "espalier.name" -}}
{{- printf "%s-%s" .Release.Name "espalier" | trunc 50 | trimSuffix "-" -}}
{{- end }}

{{- define "espalier.selector" -}}
app.kubernetes.io/name: espalier
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .component }}
{{- end }}

{{- define "espalier.labels" -}}
{{ include "espalier.selector" . }}
app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .root.Chart.Name .root.Chart.Version }}
{{- end }}

{{- define "espalier.image" -}}
{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}
{{- end }}

{{- define "espalier.podSecurity" -}}
runAsNonRoot: true
runAsUser: 1000
runAsGroup: 1000
fsGroup: 1000
fsGroupChangePolicy: OnRootMismatch
seccompProfile: { type: RuntimeDefault }
{{- end }}

{{- define "espalier.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities: { drop: [ALL] }
{{- end }}

{{- define "espalier.fromSecret" -}}
- name: {{ .name }}
  valueFrom:
    secretKeyRef: { name: {{ .root.Values.existingSecret }}, key: {{ .key }}{{ if .optional }}, optional: true{{ end }} }
{{- end }}

{{/* What API and worker share. */}}
{{- define "espalier.env" -}}
{{ include "espalier.fromSecret" (dict "root" . "name" "ESPALIER_DATABASE_URL" "key" "database-url") }}
{{- if .Values.redis }}
{{ include "espalier.fromSecret" (dict "root" . "name" "ESPALIER_REDIS_URL" "key" "redis-url") }}
{{- end }}
{{ include "espalier.fromSecret" (dict "root" . "name" "ESPALIER_ENCRYPTION_KEY" "key" "encryption-key") }}
{{ include "espalier.fromSecret" (dict "root" . "name" "ESPALIER_ENCRYPTION_KEY_PREVIOUS" "key" "encryption-key-previous" "optional" true) }}
{{ include "espalier.fromSecret" (dict "root" . "name" "ESPALIER_METRICS_TOKEN" "key" "metrics-token" "optional" true) }}
- { name: ESPALIER_DATA_DIR, value: /data }
{{- with .Values.objectStore }}
{{- if .bucket }}
- { name: ESPALIER_S3_BUCKET, value: {{ .bucket | quote }} }
- { name: ESPALIER_S3_ENDPOINT, value: {{ .endpoint | quote }} }
- { name: ESPALIER_S3_REGION, value: {{ .region | quote }} }
- { name: ESPALIER_S3_PREFIX, value: {{ .prefix | quote }} }
- { name: ESPALIER_S3_FORCE_PATH_STYLE, value: {{ .forcePathStyle | quote }} }
{{ include "espalier.fromSecret" (dict "root" $ "name" "AWS_ACCESS_KEY_ID" "key" "aws-access-key-id" "optional" true) }}
{{ include "espalier.fromSecret" (dict "root" $ "name" "AWS_SECRET_ACCESS_KEY" "key" "aws-secret-access-key" "optional" true) }}
{{- end }}
{{- end }}
- { name: ESPALIER_MODEL_ROOTS, value: /models }
- { name: ESPALIER_CORPUS_ROOTS, value: /corpora }
- { name: ESPALIER_LOG_LEVEL, value: {{ .Values.logLevel | quote }} }
{{- with .Values.memoryBytes }}
- { name: ESPALIER_MEMORY_BYTES, value: {{ . | quote }} }
{{- end }}
- { name: ESPALIER_WEBHOOK_ALLOWED_CIDRS, value: {{ .Values.webhooks.allowedCidrs | quote }} }
- { name: ESPALIER_TRACING, value: {{ .Values.tracing.enabled | quote }} }
{{- if .Values.tracing.enabled }}
- { name: OTEL_EXPORTER_OTLP_ENDPOINT, value: {{ .Values.tracing.endpoint | quote }} }
{{- end }}
{{- end }}

{{- define "espalier.mounts" -}}
- { name: data, mountPath: /data }
- { name: models, mountPath: /models, readOnly: true }
- { name: corpora, mountPath: /corpora, readOnly: true }
- { name: tmp, mountPath: /tmp }
{{- end }}

{{- define "espalier.volumes" -}}
- name: data
{{- if .Values.objectStore.bucket }}
  emptyDir: { sizeLimit: {{ .Values.objectStore.scratch }} }
{{- else }}
  persistentVolumeClaim: { claimName: {{ .Values.volumes.data.claim }} }
{{- end }}
- name: models
  persistentVolumeClaim: { claimName: {{ .Values.volumes.models.claim }}, readOnly: true }
- name: corpora
  persistentVolumeClaim: { claimName: {{ .Values.volumes.corpora.claim }}, readOnly: true }
- name: tmp
  emptyDir: {}
{{- end }}
