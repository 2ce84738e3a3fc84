//! HTTP API, web pages and MCP over the library.
