{{/* Labels of all that is made. */}}
{{- define "shop.labels" -}}
app: shop
release: {{ .Release.Name }}
{{- end }}

{{- define "shop.security" -}}
readOnlyRootFilesystem: true
privileged: true
{{- end -}}
