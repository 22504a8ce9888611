// The API's page: Swagger UI, bundled by us so that nothing is loaded from another host.
import SwaggerUI from "swagger-ui-dist/swagger-ui-bundle.js";
import "swagger-ui-dist/swagger-ui.css";

SwaggerUI({ url: "/openapi.json", dom_id: "#docs", deepLinking: true, tryItOutEnabled: true });
