{{- define "streaming.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 63 | trimSuffix "-" -}}
{{- end -}}

{{- /* 52 characters: what is appended below fits into the 63 of a name. */ -}}
{{- define "streaming.fullname" -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 52 | trimSuffix "-" -}}
{{- else if contains (include "streaming.name" .) .Release.Name -}}
{{- .Release.Name | trunc 52 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name (include "streaming.name" .) | trunc 52 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{- define "streaming.selector" -}}
app.kubernetes.io/name: {{ include "streaming.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "streaming.labels" -}}
{{ include "streaming.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
{{- end -}}

{{- define "streaming.image" -}}
{{- if .Values.image.digest -}}
{{ .Values.image.repository }}@{{ .Values.image.digest }}
{{- else -}}
{{ .Values.image.repository }}:{{ .Values.image.tag | default (printf "%s%s" .Chart.AppVersion (ternary "-cuda" "" .Values.gpu.enabled)) }}
{{- end -}}
{{- end -}}

{{- define "streaming.serviceAccount" -}}
{{- if .Values.serviceAccount.create -}}
{{ .Values.serviceAccount.name | default (include "streaming.fullname" .) }}
{{- else -}}
{{ .Values.serviceAccount.name | default "default" }}
{{- end -}}
{{- end -}}

{{- define "streaming.keysSecret" -}}
{{ .Values.keys.existingSecret | default (printf "%s-keys" (include "streaming.fullname" .)) }}
{{- end -}}

{{- define "streaming.camerasSecret" -}}
{{- if .Values.camerasExistingSecret -}}
{{ .Values.camerasExistingSecret }}
{{- else if .Values.cameras -}}
{{ include "streaming.fullname" . }}-cameras
{{- end -}}
{{- end -}}

{{- define "streaming.redisSecret" -}}
{{- if .Values.redis.existingSecret -}}
{{ .Values.redis.existingSecret }}
{{- else if .Values.redis.enabled -}}
{{ include "streaming.fullname" . }}-redis
{{- end -}}
{{- end -}}

{{- /* What is wrong together, though each value is right alone. */ -}}
{{- define "streaming.check" -}}
{{- if and (or (gt (int .Values.replicas) 1) .Values.autoscaling.enabled) (not .Values.independentReplicas) (not .Values.cluster.enabled) -}}
{{- fail "replicas above 1 and autoscaling need cluster.enabled=true, or independentReplicas=true where every server is to keep streams and films of its own" -}}
{{- end -}}
{{- if and .Values.cluster.enabled .Values.independentReplicas -}}
{{- fail "cluster.enabled makes the servers one, independentReplicas says that each is its own: choose one" -}}
{{- end -}}
{{- if and .Values.cluster.enabled (not .Values.redis.enabled) (not .Values.redis.existingSecret) -}}
{{- fail "cluster.enabled needs a Redis: redis.enabled=true, or redis.existingSecret" -}}
{{- end -}}
{{- if and .Values.cluster.enabled (not .Values.persistence.enabled) -}}
{{- fail "cluster.enabled needs persistence.enabled=true: the servers share one volume" -}}
{{- end -}}
{{- if and .Values.cluster.enabled (not .Values.persistence.existingClaim) (not (has "ReadWriteMany" .Values.persistence.accessModes)) -}}
{{- fail "cluster.enabled needs persistence.accessModes=[ReadWriteMany] (and a storage class that has it), or persistence.existingClaim: the servers share one volume" -}}
{{- end -}}
{{- if and .Values.persistence.existingClaim (not .Values.cluster.enabled) (or (gt (int .Values.replicas) 1) .Values.autoscaling.enabled) -}}
{{- fail "persistence.existingClaim is one volume: it serves one replica without autoscaling" -}}
{{- end -}}
{{- if and .Values.redis.enabled .Values.redis.existingSecret -}}
{{- fail "redis.enabled makes a Redis, redis.existingSecret names another: choose one" -}}
{{- end -}}
{{- if and .Values.cameras .Values.camerasExistingSecret -}}
{{- fail "cameras and camerasExistingSecret both declare streams: choose one" -}}
{{- end -}}
{{- if and .Values.autoscaling.enabled (not .Values.autoscaling.queueDepth) (not .Values.autoscaling.cpuPercent) -}}
{{- fail "autoscaling needs autoscaling.queueDepth or autoscaling.cpuPercent" -}}
{{- end -}}
{{- end -}}
