{{- define "base.pod" -}}
apiVersion: v1
{{- end -}}
