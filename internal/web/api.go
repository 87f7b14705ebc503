package web

import "net/http"

func (s *Server) api(mux *http.ServeMux) {}

func (s *Server) metrics(w http.ResponseWriter, r *http.Request) {}
