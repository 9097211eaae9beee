# The stub of the alumnos and académica services: docker build -f documentos/padron.Dockerfile systems/
ARG BASE_IMAGE=node:26-slim
FROM ${BASE_IMAGE}
WORKDIR /app
COPY kit/package.json kit/package.json
COPY documentos/package.json documentos/package.json
RUN printf '{"private":true,"workspaces":["kit","documentos"]}' > package.json \
 && npm install --omit=dev --ignore-scripts --no-audit --no-fund
COPY kit kit
COPY documentos documentos
USER node
WORKDIR /app/documentos
EXPOSE 5001
CMD ["node", "padron/main.ts"]
